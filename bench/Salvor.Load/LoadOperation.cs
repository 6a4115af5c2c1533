using System.Text;

namespace Salvor.Load;

/// <summary>One write: a put, or without a value, a deletion. A lease of 0 is none.</summary>
public sealed record LoadOperation(string Key, byte[]? Value, long LeaseId)
{
    public byte[] KeyBytes => Encoding.UTF8.GetBytes(Key);
}
