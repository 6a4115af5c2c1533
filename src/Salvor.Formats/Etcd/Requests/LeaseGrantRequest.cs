namespace Salvor.Formats.Etcd.Requests;

/// <summary>Makes a lease.</summary>
/// <param name="TtlSeconds">How long it lives without being kept alive.</param>
/// <param name="LeaseId">Its id; the log always names one.</param>
public readonly record struct LeaseGrantRequest(long TtlSeconds, long LeaseId)
{
    public static bool TryParse(ReadOnlySpan<byte> body, out LeaseGrantRequest request)
    {
        var parsed = Numbers.TryParse(body, out var ttl, out var id, out _);
        request = new LeaseGrantRequest(unchecked((long)ttl), unchecked((long)id));
        return parsed;
    }
}
