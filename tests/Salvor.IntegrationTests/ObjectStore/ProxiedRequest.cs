namespace Salvor.IntegrationTests.ObjectStore;

/// <summary>A request on its way through a <see cref="StoreProxy"/>, as its head tells it.</summary>
/// <param name="Method">PUT, GET and so on.</param>
/// <param name="Target">Path and query, as in "/bucket/key?list-type=2".</param>
/// <param name="Head">The whole head.</param>
internal sealed record ProxiedRequest(string Method, string Target, string Head)
{
    /// <summary>The id of the key that signed it; empty where nobody did.</summary>
    public string KeyId
    {
        get
        {
            const string Before = "Credential=";
            var start = Head.IndexOf(Before, StringComparison.OrdinalIgnoreCase) + Before.Length;
            return start < Before.Length ? "" : Head[start..Head.IndexOf('/', start)];
        }
    }

    /// <summary>Whether it is signed for a session, as a role's credentials are.</summary>
    public bool HasSessionToken => Head.Contains("x-amz-security-token:", StringComparison.OrdinalIgnoreCase);

    public long ContentLength => long.TryParse(Field("Content-Length"), out var length) ? length : 0;

    public bool ExpectsContinue => Field("Expect").Equals("100-continue", StringComparison.OrdinalIgnoreCase);

    private string Field(string name)
    {
        var start = Head.IndexOf($"\r\n{name}:", StringComparison.OrdinalIgnoreCase);
        if (start < 0)
        {
            return "";
        }

        start += name.Length + 3;
        return Head[start..Head.IndexOf('\r', start)].Trim();
    }
}
