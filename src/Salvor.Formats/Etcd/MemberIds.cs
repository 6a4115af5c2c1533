using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Salvor.Formats.Etcd;

/// <summary>How etcd derives the ids of a bootstrap member and its cluster.</summary>
public static class MemberIds
{
    /// <summary>
    /// The first 8 bytes, big-endian, of SHA-1 over the sorted peer URLs, one after the other, and the cluster token.
    /// </summary>
    public static MemberId DeriveMember(IEnumerable<string> peerUrls, string clusterToken)
    {
        var text = string.Concat(peerUrls.Order(StringComparer.Ordinal)) + clusterToken;
        return new MemberId(Truncate(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>
    /// The first 8 bytes, big-endian, of SHA-1 over the member ids, ascending, 8 bytes big-endian each.
    /// </summary>
    public static ClusterId DeriveCluster(IEnumerable<MemberId> memberIds)
    {
        var ids = memberIds.Select(m => m.Value).Order().ToArray();
        var bytes = new byte[ids.Length * sizeof(ulong)];
        for (var i = 0; i < ids.Length; i++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(i * sizeof(ulong)), ids[i]);
        }

        return new ClusterId(Truncate(bytes));
    }

#pragma warning disable CA5350 // etcd's choice; it identifies, and protects nothing.
    private static ulong Truncate(byte[] text) => BinaryPrimitives.ReadUInt64BigEndian(SHA1.HashData(text));
#pragma warning restore CA5350
}
