namespace Salvor.Simulation.Recovery.Model;

/// <summary>What happened in a run, for the one who looks into it: the last of it only.</summary>
internal sealed class EventLog
{
    private const int LinesMax = 250;

    private readonly Queue<string> _lines = new();

    public void Add(TimeSpan at, string what)
    {
        _lines.Enqueue($"{at:hh\\:mm\\:ss\\.f} {what}");
        if (_lines.Count > LinesMax)
        {
            _lines.Dequeue();
        }
    }

    public override string ToString() => string.Join(Environment.NewLine, _lines);
}
