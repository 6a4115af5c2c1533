namespace Salvor.Cloud;

/// <summary>A new volume. Always encrypted: what is in it are a cluster's secrets.</summary>
/// <param name="Token">The same token orders the same volume again, and no second one.</param>
/// <param name="Zone">Where its machine is.</param>
/// <param name="SizeGiB">Its size.</param>
/// <param name="Type">The type, such as <c>gp3</c>.</param>
public sealed record VolumeOrder(string Token, string Zone, int SizeGiB, string Type)
{
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}
