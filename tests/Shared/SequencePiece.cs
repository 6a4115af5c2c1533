using System.Buffers;

namespace Salvor.Tests.Shared;

/// <summary>A link of a chain of memory, for content that does not lie in one piece.</summary>
internal sealed class SequencePiece : ReadOnlySequenceSegment<byte>
{
    public SequencePiece(ReadOnlyMemory<byte> memory, long runningIndex)
    {
        Memory = memory;
        RunningIndex = runningIndex;
    }

    public SequencePiece Append(ReadOnlyMemory<byte> memory)
    {
        var next = new SequencePiece(memory, RunningIndex + Memory.Length);
        Next = next;
        return next;
    }
}
