namespace Salvor.Providers.Aws;

/// <summary>A service that speaks the Query protocol.</summary>
/// <param name="Endpoint">Its URL.</param>
/// <param name="Region">The region that requests are signed for.</param>
/// <param name="SigningName">Its name in signatures.</param>
/// <param name="Version">The version of its interface.</param>
internal sealed record QueryService(Uri Endpoint, string Region, string SigningName, string Version);
