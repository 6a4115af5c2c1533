using Salvor.Platform;

namespace Salvor.Tests.Repository.Keys;

/// <summary>Bytes that count upwards, so that golden files can be read: 00 01 02 ...</summary>
internal sealed class CountingEntropy : IEntropy
{
    private byte _next;

    public void Fill(Span<byte> bytes)
    {
        foreach (ref var b in bytes)
        {
            b = _next;
            _next = unchecked((byte)(_next + 1));
        }
    }
}
