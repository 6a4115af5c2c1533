namespace Salvor.Formats.Etcd.Requests;

/// <summary>The keys that a request is about.</summary>
/// <remarks>
/// No range end: one key. A range end of one zero byte: every key from the first on. Else the end is not included.
/// </remarks>
public readonly ref struct KeyRange(ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd)
{
    public ReadOnlySpan<byte> Key { get; } = key;

    public ReadOnlySpan<byte> RangeEnd { get; } = rangeEnd;

    public bool IsSingle => RangeEnd.IsEmpty;

    public bool IsUnbounded => RangeEnd.Length == 1 && RangeEnd[0] == 0;
}
