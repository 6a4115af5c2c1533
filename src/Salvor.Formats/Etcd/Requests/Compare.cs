using Salvor.Formats.Protobuf;

namespace Salvor.Formats.Etcd.Requests;

/// <summary>A condition of a transaction.</summary>
/// <remarks>
/// The operand is a oneof (fields 4 to 8, in the order of the targets). An operand of another kind than the target's
/// counts as
/// zero, or as an empty value: that is how etcd evaluates it.
/// </remarks>
public readonly ref struct Compare
{
    private const int FirstOperandField = 4;
    private const int RangeEndField = 64;

    private readonly ReadOnlySpan<byte> _key;
    private readonly ReadOnlySpan<byte> _rangeEnd;

    private Compare(ReadOnlySpan<byte> key, ReadOnlySpan<byte> rangeEnd)
    {
        _key = key;
        _rangeEnd = rangeEnd;
    }

    public KeyRange Range => new(_key, _rangeEnd);

    /// <summary>One of <see cref="CompareResult"/>, or another number: such a comparison holds always.</summary>
    public CompareResult Result { get; private init; }

    public CompareTarget Target { get; private init; }

    /// <summary>What a numeric target is compared with.</summary>
    public long Number { get; private init; }

    /// <summary>What the value is compared with.</summary>
    public ReadOnlySpan<byte> Value { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> body, out Compare compare)
    {
        ulong result = 0, target = 0, number = 0;
        ReadOnlySpan<byte> key = default, value = default, rangeEnd = default;
        var operand = 0;
        var reader = new ProtoReader(body);
        while (reader.TryReadField(out var field, out var type))
        {
            operand = field is >= FirstOperandField and <= FirstOperandField + 4 ? field : operand;
            _ = (field, type) switch
            {
                (1, WireType.Varint) => reader.TryReadVarint(out result),
                (2, WireType.Varint) => reader.TryReadVarint(out target),
                (3, WireType.Bytes) => reader.TryReadBytes(out key),
                (4 or 5 or 6 or 8, WireType.Varint) => reader.TryReadVarint(out number),
                (7, WireType.Bytes) => reader.TryReadBytes(out value),
                (RangeEndField, WireType.Bytes) => reader.TryReadBytes(out rangeEnd),
                (1 or 2 or 3 or 4 or 5 or 6 or 7 or 8 or RangeEndField, _) => reader.Fail(),
                _ => reader.TrySkip(type),
            };
        }

        var matches = operand == FirstOperandField + (int)Math.Min(target, 100);
        compare = new Compare(key, rangeEnd)
        {
            Result = (CompareResult)(int)Math.Min(result, 100),
            Target = (CompareTarget)(int)Math.Min(target, 100),
            Number = matches ? unchecked((long)number) : 0,
            Value = matches ? value : default,
        };
        return !reader.IsMalformed;
    }
}
