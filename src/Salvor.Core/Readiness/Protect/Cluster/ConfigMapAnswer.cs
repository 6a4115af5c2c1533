using System.Text.Json.Nodes;

namespace Salvor.Readiness.Protect.Cluster;

/// <summary>A ConfigMap as the API server gave it, with everything in it, so that it can be put back whole.</summary>
public sealed class ConfigMapAnswer(JsonObject whole)
{
    public string? this[string key] => whole["data"]?[key]?.GetValue<string>();

    /// <summary>The same object with one text changed; its resourceVersion says what it was made from.</summary>
    public string With(string key, string text)
    {
        var copy = whole.DeepClone();
        copy["data"]![key] = text;
        return copy.ToJsonString();
    }
}
