using System.Text;

namespace Salvor.Inspect;

/// <summary>Where a key belongs in Kubernetes, as far as its path tells.</summary>
/// <remarks>
/// apiserver stores below /registry: built-in kinds as RESOURCE/[NAMESPACE/]NAME, those of API groups and custom ones
/// as GROUP/RESOURCE/[NAMESPACE/]NAME with a dot in the group, and services as services/specs and services/endpoints. A
/// path does not say whether its kind has namespaces; two parts after the resource mean that it does. Keys elsewhere
/// are grouped by the first part of their path.
/// </remarks>
/// <param name="Resource">As in <c>pods</c> or <c>apps.example.com/widgets</c>.</param>
/// <param name="Namespace">Null for a kind without namespaces.</param>
public readonly record struct ResourceName(string Resource, string? Namespace)
{
    public static ResourceName Of(ReadOnlySpan<byte> key)
    {
        var parts = Encoding.UTF8.GetString(key).Split('/', 7, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 2 || parts[0] != "registry")
        {
            return new ResourceName(parts is [var first, ..] ? first : "(other)", null);
        }

        var isPair = parts.Length > 2
            && (parts[1].Contains('.', StringComparison.Ordinal) || parts[1] is "services" or "ranges");
        var resource = isPair ? $"{parts[1]}/{parts[2]}" : parts[1];
        var rest = parts.AsSpan(isPair ? 3 : 2);
        return new ResourceName(resource, rest.Length > 1 ? rest[0] : null);
    }
}
