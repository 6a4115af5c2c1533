using Salvor.Progress;

namespace Salvor.Cli;

/// <summary>Shows long work on stderr: stage, bytes done, rate and the time that is left.</summary>
/// <remarks>
/// A person sees one line redrawn; a log gets a new line every few seconds. Reports may come from any thread.
/// </remarks>
internal sealed class ProgressLine(Terminal terminal, TimeProvider time, bool isShown)
    : IProgress<WorkProgress>, IDisposable
{
    private static readonly TimeSpan RedrawInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LogInterval = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly long _started = time.GetTimestamp();
    private string? _stage;
    private long _stageStarted;
    private TimeSpan _nextShown;
    private bool _isLineOpen;

    public void Report(WorkProgress value)
    {
        if (!isShown)
        {
            return;
        }

        lock (_gate)
        {
            var elapsed = time.GetElapsedTime(_started);
            if (value.Stage != _stage)
            {
                _stage = value.Stage;
                _stageStarted = time.GetTimestamp();
            }

            _nextShown = _nextShown == TimeSpan.Zero && !terminal.IsErrorInteractive ? LogInterval : _nextShown;
            if (elapsed >= _nextShown)
            {
                _nextShown = elapsed + (terminal.IsErrorInteractive ? RedrawInterval : LogInterval);
                ShowLocked(ProgressText.Describe(value, time.GetElapsedTime(_stageStarted)));
            }
        }
    }

    /// <summary>Takes the line away, so that the result stands alone.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isLineOpen)
            {
                terminal.Error.Write("\r\e[K");
                _isLineOpen = false;
            }
        }
    }

    private void ShowLocked(string text)
    {
        if (!terminal.IsErrorInteractive)
        {
            terminal.Error.WriteLine(text);
            return;
        }

        var room = terminal.WidthColumns - 1;
        terminal.Error.Write($"\r{(text.Length > room ? text[..room] : text)}\e[K");
        _isLineOpen = true;
    }
}
