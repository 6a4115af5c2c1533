namespace Salvor.IntegrationTests.Support;

/// <summary>Paths of a certificate and its private key, both PEM.</summary>
public sealed record CertificateFiles(string Certificate, string Key);
