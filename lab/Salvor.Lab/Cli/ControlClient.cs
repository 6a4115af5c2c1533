using System.Net.Sockets;

namespace Salvor.Lab.Cli;

/// <summary>Speaks to a running lab.</summary>
public sealed class ControlClient(LabPaths paths) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancel) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(paths.Socket), cancel).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    })
    { Timeout = TimeSpan.FromMinutes(3) };

    public Task<string> GetAsync(string path, CancellationToken cancel) => SendAsync(HttpMethod.Get, path, cancel);

    public Task<string> PostAsync(string path, CancellationToken cancel) => SendAsync(HttpMethod.Post, path, cancel);

    public void Dispose() => _http.Dispose();

    private async Task<string> SendAsync(HttpMethod method, string path, CancellationToken cancel)
    {
        try
        {
            using var request = new HttpRequestMessage(method, new Uri("http://lab" + path));
            using var answer = await _http.SendAsync(request, cancel).ConfigureAwait(false);
            var text = await answer.Content.ReadAsStringAsync(cancel).ConfigureAwait(false);
            return answer.IsSuccessStatusCode ? text : throw new LabException(text);
        }
        catch (HttpRequestException failure) when (failure.InnerException is SocketException)
        {
            throw new LabException($"No lab of the name '{paths.Name}' runs. Start it: lab/lab up");
        }
    }
}
