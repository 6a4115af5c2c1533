using Salvor.ObjectStore;

namespace Salvor.Recovery.Shared;

/// <summary>An object that was read, and the tag by which it can be exchanged.</summary>
public sealed record StoredJson<T>(T Value, ObjectTag Tag)
    where T : class;
