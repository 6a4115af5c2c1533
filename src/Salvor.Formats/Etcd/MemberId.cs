using System.Globalization;

namespace Salvor.Formats.Etcd;

/// <summary>A member's id. etcd prints it in lower-case hex without padding, and uses that text as a key.</summary>
public readonly record struct MemberId(ulong Value)
{
    public override string ToString() => Value.ToString("x", CultureInfo.InvariantCulture);
}
