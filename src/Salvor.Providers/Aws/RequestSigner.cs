using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Salvor.Providers.Aws;

/// <summary>AWS's signature, version 4, in headers.</summary>
/// <remarks>
/// The signed text is: method, path, sorted query, sorted headers (lower-case names, trimmed values), their names, and
/// the body's SHA-256, a line each. Its hash, the time and the scope (day, region, service) are signed with a key that
/// is derived from the secret and the scope. Paths here are "/" or plain: none needs to be encoded a second time.
/// </remarks>
internal static class RequestSigner
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>Tells the headers to add to a request: the time, the session's token if any, the signature.</summary>
    /// <param name="method">POST, GET and so on.</param>
    /// <param name="url">Where it goes; the host is signed as the request's Host header has it.</param>
    /// <param name="headers">The headers to sign besides those that are added, and host.</param>
    /// <param name="body">The body.</param>
    /// <param name="key">What to sign with.</param>
    /// <param name="region">The region.</param>
    /// <param name="service">The service's name in signatures.</param>
    /// <param name="now">The time.</param>
    public static IReadOnlyList<(string Name, string Value)> Sign(
        string method, Uri url, IReadOnlyList<(string Name, string Value)> headers, ReadOnlySpan<byte> body,
        SigningKey key, string region, string service, DateTimeOffset now)
    {
        var time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var day = time[..8];
        var added = new List<(string Name, string Value)> { ("X-Amz-Date", time) };
        // The SDK's word for "no session" is an empty token, and a signature over one would be refused.
        if (!string.IsNullOrEmpty(key.Token))
        {
            added.Add(("X-Amz-Security-Token", key.Token));
        }

        var signed = headers.Concat(added).Append(("host", url.Authority))
            .Select(header => (Name: header.Item1.ToLowerInvariant(), Value: Collapse(header.Item2)))
            .OrderBy(header => header.Name, StringComparer.Ordinal)
            .ToList();
        var names = string.Join(';', signed.Select(header => header.Name));
        var canonical = new StringBuilder()
            .Append(method).Append('\n')
            .Append(url.AbsolutePath).Append('\n')
            .Append(SortedQuery(url)).Append('\n');
        foreach (var (name, value) in signed)
        {
            canonical.Append(name).Append(':').Append(value).Append('\n');
        }

        canonical.Append('\n').Append(names).Append('\n').Append(Convert.ToHexStringLower(SHA256.HashData(body)));
        var scope = $"{day}/{region}/{service}/aws4_request";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString())));
        var signature = Convert.ToHexStringLower(
            Mac(KeyFor(key.Secret, day, region, service), $"{Algorithm}\n{time}\n{scope}\n{hash}"));
        added.Add((
            "Authorization",
            $"{Algorithm} Credential={key.Id}/{scope}, SignedHeaders={names}, Signature={signature}"));
        return added;
    }

    private static byte[] KeyFor(string secret, string day, string region, string service)
    {
        var ofDay = Mac(Encoding.UTF8.GetBytes($"AWS4{secret}"), day);
        return Mac(Mac(Mac(ofDay, region), service), "aws4_request");
    }

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string SortedQuery(Uri url) =>
        string.Join('&', url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Contains('=', StringComparison.Ordinal) ? pair : $"{pair}=")
            .Order(StringComparer.Ordinal));

    private static string Collapse(string value) =>
        string.Join(' ', value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
