using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Salvor.ObjectStore.Probe;

/// <summary>The probe's own objects, under names and with contents that nothing else has.</summary>
internal sealed class ProbeObjects(IObjectStore store, ulong token)
{
    private readonly List<ObjectName> _made = [];

    /// <summary>What all names begin with.</summary>
    public string Prefix { get; } = $"salvor-probe-{token:x16}/";

    /// <summary>What was or may have been made.</summary>
    public IReadOnlyList<ObjectName> Made => _made;

    public ObjectName Name(string name) => new(Prefix + name);

    /// <summary>Content that differs with the token and the label, so that no two writers write the same.</summary>
    public byte[] Content(string label)
    {
        var bytes = new byte[sizeof(ulong) + Encoding.UTF8.GetByteCount(label)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, token);
        Encoding.UTF8.GetBytes(label, bytes.AsSpan(sizeof(ulong)));
        return bytes;
    }

    public Task<PutResult> PutAsync(ObjectName name, byte[] content, PutCondition condition, CancellationToken ct)
    {
        if (!_made.Contains(name))
        {
            _made.Add(name);
        }

        return store.PutAsync(name, new ReadOnlySequence<byte>(content), condition, ct);
    }

    /// <summary>The object's content and tag; null where there is none.</summary>
    public async Task<(byte[] Bytes, ObjectTag? Tag)?> ReadAsync(ObjectName name, CancellationToken ct)
    {
        using var content = await store.GetAsync(name, range: null, StoreLimits.TaggedBytesMax, ct);
        return content is null ? null : (content.Bytes.ToArray(), content.Tag);
    }
}
