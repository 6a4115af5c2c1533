using System.Collections.Immutable;
using Salvor.Errors;

namespace Salvor.Cli;

/// <summary>Reads what people write for an endpoint: a URL, or just a host and port.</summary>
internal static class EndpointUrls
{
    /// <param name="words">Each may hold several, separated by commas.</param>
    /// <param name="isTlsMeant">Whether a certificate was given, so that a bare host means https.</param>
    public static ImmutableArray<Uri> Parse(IEnumerable<string> words, bool isTlsMeant)
    {
        var scheme = isTlsMeant ? "https://" : "http://";
        return
        [
            .. words
                .SelectMany(w => w.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                .Select(text => Parse(text, scheme)),
        ];
    }

    private static Uri Parse(string text, string scheme)
    {
        var url = text.Contains("://", StringComparison.Ordinal) ? text : scheme + text;
        return Uri.TryCreate(url, UriKind.Absolute, out var parsed)
            ? parsed
            : throw new SalvorException(ErrorCode.Usage, $"'{text}' is no endpoint.")
            {
                Hint = "Write it as https://127.0.0.1:2379.",
            };
    }
}
