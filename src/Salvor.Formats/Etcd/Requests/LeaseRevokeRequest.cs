namespace Salvor.Formats.Etcd.Requests;

/// <summary>Ends a lease and deletes the keys attached to it.</summary>
public readonly record struct LeaseRevokeRequest(long LeaseId)
{
    public static bool TryParse(ReadOnlySpan<byte> body, out LeaseRevokeRequest request)
    {
        var parsed = Numbers.TryParse(body, out var id, out _, out _);
        request = new LeaseRevokeRequest(unchecked((long)id));
        return parsed;
    }
}
