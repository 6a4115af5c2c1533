using System.Net.Http.Headers;
using System.Xml;
using Salvor.Errors;

namespace Salvor.Providers.Aws;

/// <summary>Speaks AWS's Query protocol: a form goes up, XML comes back.</summary>
/// <param name="http">Sends, with bounded waits and answers.</param>
/// <param name="calls">Tries again.</param>
/// <param name="service">The service.</param>
/// <param name="key">Tells what to sign with; asked for each request, since a role's key changes.</param>
/// <param name="time">The clock that signatures tell.</param>
internal sealed class QueryClient(
    HttpClient http, AwsCalls calls, QueryService service, Func<Task<SigningKey>> key, TimeProvider time)
{
    private const string FormType = "application/x-www-form-urlencoded; charset=utf-8";

    /// <param name="action">The action, such as DescribeAlarms.</param>
    /// <param name="fields">Its parameters.</param>
    /// <param name="what">What it is for, as in "list alarms".</param>
    /// <param name="ct">Ends the attempts.</param>
    /// <returns>The answer's root.</returns>
    /// <exception cref="SalvorException">It failed.</exception>
    public Task<AnswerElement> AskAsync(
        string action, IEnumerable<(string Name, string Value)> fields, string what, CancellationToken ct)
    {
        var body = Encode([("Action", action), ("Version", service.Version), .. fields]);
        return calls.RunAsync(what, token => AskOnceAsync(body, what, token), ct);
    }

    private async Task<AnswerElement> AskOnceAsync(byte[] body, string what, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, service.Endpoint)
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(FormType);
        var signingKey = await key();
        var signed = RequestSigner.Sign(
            "POST", service.Endpoint, [("content-type", FormType)], body, signingKey, service.Region,
            service.SigningName, time.GetUtcNow());
        foreach (var (name, value) in signed)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request, ct);
        var bytes = await response.Content.ReadAsByteArrayAsync(ct);
        var answer = Parse(bytes);
        if (response.IsSuccessStatusCode)
        {
            return answer ?? throw new InvalidAnswerException("the answer is empty or no XML", inner: null);
        }

        // Services nest their errors differently: the first code is the one.
        throw AwsFailure.FromAnswer(
            answer?.Find("Code")?.Text, answer?.Find("Message")?.Text, response.StatusCode, what);
    }

    private static AnswerElement? Parse(byte[] bytes)
    {
        try
        {
            return bytes.Length == 0 ? null : AnswerReader.Read(bytes);
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static byte[] Encode(IEnumerable<(string Name, string Value)> fields) =>
        System.Text.Encoding.ASCII.GetBytes(string.Join(
            '&', fields.Select(f => $"{Uri.EscapeDataString(f.Name)}={Uri.EscapeDataString(f.Value)}")));
}
