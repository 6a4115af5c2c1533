using System.Buffers;

namespace Salvor.ObjectStore;

/// <summary>A place that keeps whole objects by name: a directory, a bucket.</summary>
/// <remarks>
/// What every store promises, and what callers build on:
/// <list type="bullet">
/// <item>A put is atomic: whoever reads sees the old content or the new one, whole, and never a part.</item>
/// <item>A put that returned is durable: it survives the loss of power, or of a machine of the store's.</item>
/// <item>
/// An exception from a put or a delete leaves open whether it was done, now or a little later. Doing it again is safe:
/// the same name with the same content ends in the same state.
/// </item>
/// <item>
/// Get and head never lag behind: once a put has returned, every reader sees it. A list may lag: it may miss what was
/// put a moment ago, and show what was deleted. So a list finds things; only a get proves.
/// </item>
/// <item>Calls may run at the same time, on any names. Of concurrent puts under one condition, at most one is done.
/// </item>
/// <item>
/// A failure is a <see cref="Errors.SalvorException"/>, which says whether the same call may succeed later
/// (<see cref="Errors.SalvorException.IsTransient"/>). A store whose place is gone, such as an unmounted disk or a
/// deleted bucket, fails; it is never taken for an empty one.
/// </item>
/// </list>
/// </remarks>
public interface IObjectStore
{
    /// <summary>The place for people and in errors, such as <c>s3://bucket/prefix</c> or <c>/srv/backup</c>.</summary>
    string Location { get; }

    /// <summary>Stores an object whole.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">Its content. Must not change before the call returns.</param>
    /// <param name="condition">
    /// What must hold for it to be done. After an exception from a conditional put, the same put may find that its own
    /// first try was done, and answer that the condition is not met: read the object to know.
    /// </param>
    /// <param name="ct">Ends the waiting; the put may be done all the same.</param>
    Task<PutResult> PutAsync(
        ObjectName name, ReadOnlySequence<byte> content, PutCondition condition, CancellationToken ct);

    /// <summary>Reads an object, or a part of it, into memory; null when there is none of that name.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="range">
    /// The part; null for all. What lies past the object's end is left out without an error.
    /// </param>
    /// <param name="bytesMax">
    /// How many bytes the caller is ready for. More are never read: a longer content is an error
    /// (<see cref="Errors.ErrorCode.Corrupt"/>).
    /// </param>
    /// <param name="ct">Ends the reading.</param>
    Task<ObjectContent?> GetAsync(ObjectName name, ByteRange? range, int bytesMax, CancellationToken ct);

    /// <summary>What is known of an object without reading it; null when there is none of that name.</summary>
    Task<ObjectInfo?> HeadAsync(ObjectName name, CancellationToken ct);

    /// <summary>The objects whose names begin with the prefix, in ordinal order of their names.</summary>
    /// <param name="prefix">The start of the names, not of their segments only; empty for all.</param>
    /// <param name="startAfter">Only names that come after this one; null for all.</param>
    /// <param name="ct">Ends the listing.</param>
    IAsyncEnumerable<ObjectInfo> ListAsync(string prefix, string? startAfter, CancellationToken ct);

    /// <summary>Deletes an object. That there is none is no error.</summary>
    Task DeleteAsync(ObjectName name, CancellationToken ct);

    /// <summary>
    /// Removes what broken-off puts left behind and no list shows: temporary files, parts of uploads.
    /// </summary>
    /// <param name="startedBefore">
    /// Only what was begun before this time, by the store's clock. A put that is still at work must not be hit: a day
    /// is a good distance.
    /// </param>
    /// <param name="ct">Ends the work; what is removed stays removed.</param>
    /// <returns>How many were removed.</returns>
    Task<int> RemoveAbandonedAsync(DateTimeOffset startedBefore, CancellationToken ct);
}
