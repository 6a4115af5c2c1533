using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Salvor.Lab.Cloud.Model;

namespace Salvor.Lab.Cloud.Query;

/// <summary>The answers' XML.</summary>
public static class Xml
{
    public const string Ec2Space = "http://ec2.amazonaws.com/doc/2016-11-15/";
    public const string MonitoringSpace = "http://monitoring.amazonaws.com/doc/2010-08-01/";

    public static XElement Of(string name, params object?[] content) => new(name, content);

    /// <summary>Instants as AWS writes them, truth values in small letters.</summary>
    public static XElement Of(string name, DateTimeOffset time) =>
        new(name, time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    public static XElement Set(string name, IEnumerable<XElement> items) => new(name, items);

    public static XElement Tags(IReadOnlyDictionary<string, string> tags) => Set(
        "tagSet", tags.Select(tag => Of("item", Of("key", tag.Key), Of("value", tag.Value))));

    public static Answer Ec2(string action, string request, IEnumerable<XElement> content) => Write(
        200, Ec2Space, Of(action + "Response", Of("requestId", request), content));

    public static Answer Monitoring(string action, string request, IEnumerable<XElement> content) => Write(
        200, MonitoringSpace,
        Of(action + "Response", Of(action + "Result", content), Of("ResponseMetadata", Of("RequestId", request))));

    /// <summary>EC2 has an envelope of its own for errors.</summary>
    public static Answer Error(string service, CloudException error, string request)
    {
        var code = Of("Code", error.Code);
        var message = Of("Message", error.Message);
        return service == "ec2"
            ? Write(error.Status, "", Of(
                "Response", Of("Errors", Of("Error", code, message)), Of("RequestID", request)))
            : Write(error.Status, MonitoringSpace, Of(
                "ErrorResponse", Of("Error", Of("Type", error.Status >= 500 ? "Receiver" : "Sender"), code, message),
                Of("RequestId", request)));
    }

    private static Answer Write(int status, XNamespace space, XElement root)
    {
        foreach (var element in root.DescendantsAndSelf())
        {
            element.Name = space + element.Name.LocalName;
        }

        return new Answer(status, Encoding.UTF8.GetBytes(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + root.ToString(SaveOptions.DisableFormatting)));
    }
}
