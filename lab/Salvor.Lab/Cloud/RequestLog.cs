namespace Salvor.Lab.Cloud;

/// <summary>The latest requests, for tests to ask what was called.</summary>
public sealed class RequestLog
{
    private const int EntriesMax = 10_000;

    private readonly Lock _lock = new();
    private readonly Queue<RequestEntry> _entries = new();

    public IReadOnlyList<RequestEntry> Entries
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries];
            }
        }
    }

    public void Add(RequestEntry entry)
    {
        lock (_lock)
        {
            _entries.Enqueue(entry);
            if (_entries.Count > EntriesMax)
            {
                _entries.Dequeue();
            }
        }
    }
}
