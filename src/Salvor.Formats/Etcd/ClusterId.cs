using System.Globalization;

namespace Salvor.Formats.Etcd;

/// <summary>A cluster's id: every restore into a new cluster makes a new one.</summary>
public readonly record struct ClusterId(ulong Value)
{
    public override string ToString() => Value.ToString("x", CultureInfo.InvariantCulture);
}
