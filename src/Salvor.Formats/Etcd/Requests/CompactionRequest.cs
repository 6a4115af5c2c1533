namespace Salvor.Formats.Etcd.Requests;

/// <summary>Forgets the history before a revision.</summary>
public readonly record struct CompactionRequest(long Revision)
{
    public static bool TryParse(ReadOnlySpan<byte> body, out CompactionRequest request)
    {
        var parsed = Numbers.TryParse(body, out var revision, out _, out _);
        request = new CompactionRequest(unchecked((long)revision));
        return parsed;
    }
}
