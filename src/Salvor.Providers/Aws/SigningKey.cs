namespace Salvor.Providers.Aws;

/// <summary>What a request is signed with.</summary>
/// <param name="Id">The access key's id.</param>
/// <param name="Secret">Its secret.</param>
/// <param name="Token">The session's token; null or empty for a key that lasts.</param>
internal sealed record SigningKey(string Id, string Secret, string? Token)
{
    /// <summary>The secret is for nobody's log.</summary>
    public override string ToString() => Id;
}
