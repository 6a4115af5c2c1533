using System.Net;

namespace Salvor.EtcdClient;

/// <summary>Reads a member's gauges from its client URL, where every etcd serves them beside gRPC.</summary>
internal static class EtcdGaugesReader
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <returns>
    /// Null where the member does not say: it may be strained, or something before it lets only gRPC by.
    /// </returns>
    public static async Task<EtcdGauges?> ReadAsync(
        HttpClient client, Uri address, TimeProvider time, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, "/metrics"))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        try
        {
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return answer.IsSuccessStatusCode ? await ParseAsync(answer.Content, either.Token) : null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<EtcdGauges?> ParseAsync(HttpContent content, CancellationToken ct)
    {
        await using var stream = await content.ReadAsStreamAsync(ct);
        using var text = new MemoryStream();
        var buffer = new byte[16 << 10];
        int count;
        while (text.Length < EtcdGaugesText.BytesMax && (count = await stream.ReadAsync(buffer, ct)) > 0)
        {
            text.Write(buffer, 0, count);
        }

        return EtcdGaugesText.Parse(text.GetBuffer().AsSpan(0, (int)text.Length));
    }
}
