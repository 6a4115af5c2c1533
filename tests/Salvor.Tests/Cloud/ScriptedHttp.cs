using System.Net;
using System.Text;

namespace Salvor.Tests.Cloud;

/// <summary>Answers requests as the test says, one after the other, and keeps what was asked.</summary>
internal sealed class ScriptedHttp(params (HttpStatusCode Status, string Body)[] answers) : HttpMessageHandler
{
    private int _next;

    /// <summary>The bodies of the requests, decoded into their fields.</summary>
    public List<IReadOnlyDictionary<string, string>> Requests { get; } = [];

    public List<HttpRequestMessage> Messages { get; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        Requests.Add(body.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1])));
        Messages.Add(request);
        Assert.True(_next < answers.Length, $"An answer more was asked for than there are: {body}");
        var (status, text) = answers[_next++];
        return new HttpResponseMessage(status) { Content = new StringContent(text, Encoding.UTF8, "text/xml") };
    }
}
