using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Salvor.IntegrationTests.Support;
using Salvor.IntegrationTests.Workload;

namespace Salvor.IntegrationTests.Salvage;

/// <summary>
/// A workload of which every acknowledged state is kept, with the raft index at which it was reached.
/// </summary>
internal sealed class RecordedRun(EtcdServer etcd, int seed)
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(30) };

    private readonly WorkloadRun _run = new(etcd, seed);
    private readonly List<RecordedState> _states = [new RecordedState(0, 1, "", "")];

    public RecordedState Last => _states[^1];

    public async Task SendAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await _run.SendAsync(1);
            await RecordAsync();
        }
    }

    /// <summary>The states that a log cut behind an entry may stand for.</summary>
    /// <remarks>
    /// One, as a rule. Where etcd itself logged something between two requests, which entry was the request's isn't
    /// known.
    /// </remarks>
    public List<RecordedState> At(ulong index)
    {
        var at = _states.FindLastIndex(s => s.RaftIndex <= index);
        var next = at + 1;
        var isNextUncertain = next < _states.Count && _states[next].RaftIndex > _states[at].RaftIndex + 1
            && index > _states[at].RaftIndex;
        return isNextUncertain ? [_states[at], _states[next]] : [_states[at]];
    }

    private async Task RecordAsync()
    {
        // The index of the last committed entry: what was applied may lag behind the answer by a moment.
        using var answer = await Http.PostAsJsonAsync(
            new Uri(etcd.Endpoint + "/v3/maintenance/status"), new { }, TestContext.Current.CancellationToken);
        using var json = JsonDocument.Parse(
            await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var index = ulong.Parse(json.RootElement.GetProperty("raftIndex").GetString()!, CultureInfo.InvariantCulture);
        var header = json.RootElement.GetProperty("header");
        var revision = long.Parse(header.GetProperty("revision").GetString()!, CultureInfo.InvariantCulture);
        var model = _run.Acknowledged;
        _states.Add(new RecordedState(index, revision, model.Show(), model.ShowOutline()));
    }
}
