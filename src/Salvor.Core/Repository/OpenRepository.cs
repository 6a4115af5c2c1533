using Salvor.ObjectStore;

namespace Salvor.Repository;

/// <summary>A repository whose key is at hand: where its objects are, and what opens them.</summary>
public sealed record OpenRepository(IObjectStore Store, ObjectSealer Sealer);
