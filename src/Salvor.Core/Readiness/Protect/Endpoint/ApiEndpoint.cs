using System.Globalization;
using System.Text.RegularExpressions;
using Salvor.Errors;

namespace Salvor.Readiness.Protect.Endpoint;

/// <summary>The name that everybody reaches the API by, wherever the control plane is.</summary>
/// <param name="Name">A DNS name: an address would belong to one zone.</param>
/// <param name="Port">Where kube-apiserver, or what is before it, listens.</param>
public sealed partial record ApiEndpoint(string Name, int Port)
{
    private const int DefaultPort = 6443;
    private const int NameLengthMax = 253;

    public string Url => $"https://{Name}:{Port}";

    /// <exception cref="SalvorException">It is no NAME or NAME:PORT.</exception>
    public static ApiEndpoint Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        var name = (colon < 0 ? text : text[..colon]).ToLowerInvariant();
        var port = DefaultPort;
        var isPort = colon < 0 || int.TryParse(
            text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port);
        if (!isPort || port is < 1 or > 65535 || name.Length > NameLengthMax || !DnsName().IsMatch(name)
            || char.IsAsciiDigit(name[^1]))
        {
            throw new SalvorException(ErrorCode.Usage, $"'{text}' is no endpoint for the API.")
            {
                Hint = "Give a DNS name, with a port where that is not 6443, such as api.example.com:6443. An address "
                    + "won't do: it stays behind when the control plane moves.",
            };
        }

        return new ApiEndpoint(name, port);
    }

    public override string ToString() => $"{Name}:{Port}";

    [GeneratedRegex(@"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex DnsName();
}
