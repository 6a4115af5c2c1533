using Salvor.ObjectStore;

namespace Salvor.Recovery.Lease;

/// <summary>For how long an object was seen unchanged, by the reader's own monotonic clock.</summary>
/// <remarks>
/// No version ever returns, so two looks that see the same one prove that nothing happened between them. It counts from
/// the end of the first look, since the object may have been written while it was under way. A machine that slept
/// counts less than went by, and waits longer.
/// </remarks>
internal sealed class VersionWatch(TimeProvider time, bool isSteady = true)
{
    private (ObjectTag? Tag, string? Nonce)? _version;
    private long _since;
    private DateTimeOffset _sinceWall;

    /// <summary>How long ago the present version was first seen.</summary>
    public TimeSpan Unchanged => _version is null ? TimeSpan.Zero
        : isSteady ? time.GetElapsedTime(_since)
        : time.GetUtcNow() - _sinceWall;

    /// <summary>To be told at the end of each look. An absence is a version too: both are null.</summary>
    public void Note(ObjectTag? tag, string? nonce)
    {
        if (_version != (tag, nonce))
        {
            _version = (tag, nonce);
            _since = time.GetTimestamp();
            _sinceWall = time.GetUtcNow();
        }
    }
}
