using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Salvor.Lab.Cloud.Model;

namespace Salvor.Lab.Cloud.Edge;

/// <summary>Checks AWS's signature version 4 in the Authorization header.</summary>
public sealed class SignatureVerifier(RegionOptions options, TimeProvider clock)
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    private static readonly TimeSpan SkewMax = TimeSpan.FromMinutes(5);

    /// <summary>Throws when the request was not signed with the lab's key, for a service here, just now.</summary>
    /// <returns>The service that it was signed for.</returns>
    public string Verify(HttpRequest request, byte[] body)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Algorithm + " ", StringComparison.Ordinal))
        {
            throw new CloudException("MissingAuthenticationToken", "The request has no valid signature.", 403);
        }

        var parts = header[Algorithm.Length..].Split(',', StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2)).Where(part => part.Length == 2)
            .DistinctBy(part => part[0]).ToDictionary(part => part[0], part => part[1]);
        var scope = parts.GetValueOrDefault("Credential", "").Split('/');
        var names = parts.GetValueOrDefault("SignedHeaders", "").Split(';');
        if (scope is not [var key, var day, var region, "ec2" or "monitoring", "aws4_request"]
            || region != options.Name || !names.Contains("host") || !names.Contains("x-amz-date"))
        {
            throw new CloudException(
                "IncompleteSignature", $"The signature must be for ec2 or monitoring in {options.Name}.");
        }

        var service = scope[3];
        var date = request.Headers["X-Amz-Date"].ToString();
        if (!DateTimeOffset.TryParseExact(
                date, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
                out var time)
            || !date.StartsWith(day, StringComparison.Ordinal)
            || (time - clock.GetUtcNow()).Duration() > SkewMax)
        {
            throw service == "ec2"
                ? new CloudException("RequestExpired", $"Request has expired: it is of {date}.")
                : new CloudException("SignatureDoesNotMatch", $"Signature expired: it is of {date}.", 403);
        }

        var toSign = string.Join(
            '\n', Algorithm, date, string.Join('/', scope[1..]), Hex(SHA256.HashData(Canonical(request, names, body))));
        var secret = Encoding.UTF8.GetBytes("AWS4" + options.SecretKey);
        var signing = scope[1..].Aggregate(secret, Mac);
        var expected = Encoding.ASCII.GetBytes(Hex(Mac(signing, toSign)));
        var given = Encoding.UTF8.GetBytes(parts.GetValueOrDefault("Signature", ""));
        if (key != options.AccessKey || !CryptographicOperations.FixedTimeEquals(expected, given))
        {
            throw service == "ec2"
                ? new CloudException("AuthFailure", "AWS was not able to validate the access credentials.", 401)
                : new CloudException("SignatureDoesNotMatch", "The calculated signature does not match.", 403);
        }

        return service;
    }

    private static byte[] Canonical(HttpRequest request, string[] names, byte[] body)
    {
        var query = request.Query.SelectMany(one => one.Value.Select(
                value => $"{Uri.EscapeDataString(one.Key)}={Uri.EscapeDataString(value ?? "")}"))
            .Order(StringComparer.Ordinal);
        var headers = names.Select(name => $"{name}:{request.Headers[name].ToString().Trim()}\n");
        return Encoding.UTF8.GetBytes(string.Join(
            '\n', request.Method, request.Path.ToUriComponent(), string.Join('&', query), string.Concat(headers),
            string.Join(';', names), Hex(SHA256.HashData(body))));
    }

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
