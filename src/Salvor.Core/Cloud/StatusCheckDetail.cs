namespace Salvor.Cloud;

/// <summary>One part of a status check.</summary>
/// <param name="Name">What is looked at, such as <c>reachability</c>.</param>
/// <param name="Status">The cloud's own word, such as <c>passed</c> or <c>failed</c>.</param>
/// <param name="ImpairedSince">Since when it fails; null when it does not, or the cloud did not say.</param>
public sealed record StatusCheckDetail(string Name, string Status, DateTimeOffset? ImpairedSince);
