namespace Salvor.Formats.Bbolt;

/// <summary>One key and its value, valid until the next page is read.</summary>
public readonly ref struct LeafElement(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool isBucket)
{
    public ReadOnlySpan<byte> Key { get; } = key;

    public ReadOnlySpan<byte> Value { get; } = value;

    /// <summary>Bytes of key and value.</summary>
    public int DataBytes => Key.Length + Value.Length;

    /// <summary>Whether the value is a <see cref="BucketValue"/>.</summary>
    public bool IsBucket { get; } = isBucket;
}
