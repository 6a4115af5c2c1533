namespace Salvor.Readiness.Protect.Endpoint;

/// <summary>A text that says where the API is, as settings by name.</summary>
internal interface IEndpointText
{
    /// <summary>The setting as it is; null where it is absent.</summary>
    string? this[string setting] { get; }

    /// <summary>The text with settings changed, and every other byte as it was; null takes one away.</summary>
    /// <exception cref="Errors.SalvorException">It is not written in a way that Salvor edits.</exception>
    string With(IReadOnlyDictionary<string, string?> settings);
}
