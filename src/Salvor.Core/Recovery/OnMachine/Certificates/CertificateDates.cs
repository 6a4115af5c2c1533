namespace Salvor.Recovery.OnMachine.Certificates;

/// <summary>From when until when a certificate is good.</summary>
/// <param name="Path">The file that it is in, on the machine.</param>
/// <param name="IsAuthority">Whether it is an authority's.</param>
/// <param name="NotBefore">From when.</param>
/// <param name="NotAfter">Until when.</param>
public sealed record CertificateDates(string Path, bool IsAuthority, DateTimeOffset NotBefore, DateTimeOffset NotAfter)
{
    /// <summary>The name of the authority that signed it, as bytes in hex.</summary>
    internal string Issuer { get; init; } = "";

    /// <summary>Its own name, as bytes in hex.</summary>
    internal string Subject { get; init; } = "";
}
