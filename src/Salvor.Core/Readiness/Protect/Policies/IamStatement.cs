using System.Collections.Immutable;
using System.Text.Json;

namespace Salvor.Readiness.Protect.Policies;

/// <summary>One statement of a policy.</summary>
internal sealed record IamStatement(
    string Id, ImmutableArray<string> Actions, string Resource, IamCondition? Condition = null)
{
    public bool IsDenial { get; init; }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("Sid", Id);
        json.WriteString("Effect", IsDenial ? "Deny" : "Allow");
        json.WriteStartArray("Action");
        foreach (var action in Actions)
        {
            json.WriteStringValue(action);
        }

        json.WriteEndArray();
        json.WriteString("Resource"u8, Resource);
        if (Condition is { } condition)
        {
            json.WriteStartObject("Condition"u8);
            json.WriteStartObject("StringEquals");
            json.WriteString(condition.Key, condition.Value);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
