using System.Xml;

namespace Salvor.Providers.Aws;

/// <summary>Reads each answer whole before anybody parses it, and refuses one that is too long or too deep.</summary>
internal sealed class BoundedAnswers(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const int ReadBytes = 16 << 10;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var isWhole = false;
        try
        {
            var bytes = Checked(await ReadAsync(response.Content, cancellationToken), response.IsSuccessStatusCode);
            var content = new ByteArrayContent(bytes);
            foreach (var header in response.Content.Headers.Where(header => header.Key != "Content-Length"))
            {
                content.Headers.TryAddWithoutValidation(header.Key, header.Value);
            }

            response.Content.Dispose();
            response.Content = content;
            isWhole = true;
            return response;
        }
        finally
        {
            if (!isWhole)
            {
                response.Dispose();
            }
        }
    }

    private static byte[] Checked(byte[] bytes, bool isSuccess)
    {
        try
        {
            if (bytes.Length > 0)
            {
                AnswerReader.Check(bytes);
            }

            return bytes;
        }
        catch (XmlException) when (!isSuccess)
        {
            return []; // A proxy's page, say. The status tells enough.
        }
        catch (XmlException e)
        {
            throw new InvalidAnswerException($"the answer can't be read: {e.Message}", e);
        }
    }

    private static async Task<byte[]> ReadAsync(HttpContent content, CancellationToken ct)
    {
        using var stream = await content.ReadAsStreamAsync(ct);
        using var whole = new MemoryStream();
        var buffer = new byte[ReadBytes];
        while (await stream.ReadAsync(buffer, ct) is var read and > 0)
        {
            if (whole.Length + read > AnswerReader.BytesMax)
            {
                throw new InvalidAnswerException($"the answer is longer than {AnswerReader.BytesMax} bytes", null);
            }

            whole.Write(buffer, 0, read);
        }

        return whole.ToArray();
    }
}
