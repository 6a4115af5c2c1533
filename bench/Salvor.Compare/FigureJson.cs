using System.Text.Json;

namespace Salvor.Compare;

/// <summary>Figures for programs.</summary>
public static class FigureJson
{
    public static void Write(Utf8JsonWriter writer, FigureReport report)
    {
        writer.WriteStartObject();
        writer.WriteString("task", report.Task);
        writer.WriteStartArray("figures");
        foreach (var figure in report.Figures)
        {
            Write(writer, figure);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("notes");
        foreach (var note in report.Notes)
        {
            writer.WriteStringValue(note);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Figure figure)
    {
        var spread = figure.Spread;
        writer.WriteStartObject();
        writer.WriteString("name", figure.Name);
        writer.WriteString("unit", figure.Unit);
        writer.WriteNumber("median", spread.Median);
        writer.WriteNumber("min", spread.Min);
        writer.WriteNumber("max", spread.Max);
        if (figure.Budget is { } budget)
        {
            writer.WriteNumber("budget", budget);
            writer.WriteString("judgedBy", figure.IsJudgedByMedian ? "median" : "max");
            writer.WriteBoolean("withinBudget", figure.IsWithinBudget);
        }

        writer.WriteStartArray("values");
        foreach (var value in figure.Values)
        {
            writer.WriteNumberValue(value);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
