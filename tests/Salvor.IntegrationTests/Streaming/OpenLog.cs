using Salvor.Repository.Keys;
using Salvor.Repository.Log;

namespace Salvor.IntegrationTests.Streaming;

/// <summary>A repository's log, opened for reading.</summary>
internal sealed record OpenLog(SegmentStore Segments, OpenedRepository Repository) : IDisposable
{
    public void Dispose() => Repository.Dispose();
}
