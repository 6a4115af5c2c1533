using Salvor.ObjectStore;

namespace Salvor.Repository.Keys;

/// <summary>The slot that a secret opens.</summary>
/// <param name="Name">Its object.</param>
/// <param name="IsNew">False where the secret opened the repository already, and nothing was added.</param>
public sealed record AddedSlot(ObjectName Name, bool IsNew);
