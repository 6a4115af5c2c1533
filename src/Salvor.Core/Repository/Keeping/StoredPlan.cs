using Salvor.ObjectStore;

namespace Salvor.Repository.Keeping;

/// <summary>A plan that is in the store.</summary>
/// <param name="Name">Its object.</param>
/// <param name="Stored">When it was stored, by the store's clock.</param>
/// <param name="Plan">What it says; null when it can't be read.</param>
internal sealed record StoredPlan(ObjectName Name, DateTimeOffset Stored, PrunePlan? Plan);
