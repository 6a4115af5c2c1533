using System.Globalization;
using System.Text;

namespace Salvor.Metrics;

/// <summary>A page in Prometheus's text format, version 0.0.4: families of samples, each family in one piece.</summary>
internal sealed class MetricsPage
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();

    public Family Gauge(string name, string help) => Begin(name, "gauge", help);

    public Family Counter(string name, string help) => Begin(name, "counter", help);

    public override string ToString() => _text.ToString();

    private Family Begin(string name, string type, string help)
    {
        _text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
        return new Family(this, name);
    }

    private void Add(string name, double value, ReadOnlySpan<(string Name, string Value)> labels)
    {
        _text.Append(name);
        for (var i = 0; i < labels.Length; i++)
        {
            _text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"");
            AppendEscaped(labels[i].Value);
            _text.Append('"');
        }

        _text.Append(labels.Length == 0 ? " " : "} ").Append(CultureInfo.InvariantCulture, $"{value}\n");
    }

    private void AppendEscaped(string value)
    {
        foreach (var c in value)
        {
            _ = c switch
            {
                '\\' => _text.Append(@"\\"),
                '"' => _text.Append("\\\""),
                '\n' => _text.Append(@"\n"),
                _ => _text.Append(c),
            };
        }
    }

    /// <summary>A family that samples are added to, until the next one is begun.</summary>
    internal readonly struct Family(MetricsPage page, string name)
    {
        public void Add(double value, params ReadOnlySpan<(string Name, string Value)> labels) =>
            page.Add(name, value, labels);
    }
}
