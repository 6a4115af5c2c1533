using System.Net;
using Salvor.Cloud;
using Salvor.Errors;
using Salvor.ObjectStore.Decorators;
using Salvor.Providers.Aws;
using Salvor.Readiness.Alarms;

namespace Salvor.Tests.Cloud;

public sealed class CloudWatchAlarmsTests
{
    private const HttpStatusCode Ok = HttpStatusCode.OK;
    private const HttpStatusCode Bad = HttpStatusCode.BadRequest;

    private static readonly MachineId Machine = new("i-0123456789abcdef0");

    private readonly LeapingTime _time = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_put_is_what_is_read_back()
    {
        foreach (var wanted in WantedAlarms.For(new AlarmRequest("prod", Machine, "eu-central-1", "aws", true)))
        {
            var putting = new ScriptedHttp((Ok, "<PutMetricAlarmResponse/>"));
            await Over(putting).PutAsync(wanted, Ct);
            var sent = Assert.Single(putting.Requests);
            Assert.Equal(("PutMetricAlarm", "2010-08-01"), (sent["Action"], sent["Version"]));

            var reading = new ScriptedHttp((Ok, Page(AlarmOf(sent))));
            var found = Assert.Single(await Over(reading).FindAsync([wanted.Name], Ct));

            Assert.Empty(AlarmComparison.Compare(wanted, found.Definition));
            Assert.Equal(wanted.Description, found.Definition.Description);
            Assert.Equal(AlarmState.Ok, found.State);
            Assert.Equal(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero), found.StateSince);
        }
    }

    [Fact]
    public async Task List_is_read_to_its_end_and_has_the_machines_own()
    {
        var http = new ScriptedHttp(
            (Ok, Page(Alarm("one", Machine.Value), "more")),
            (Ok, Page(Alarm("two", "i-other") + Alarm("three", Machine.Value))));

        var alarms = await Over(http).ListAsync(Machine, Ct);

        Assert.Equal(["one", "three"], alarms.Select(alarm => alarm.Definition.Name));
        Assert.False(http.Requests[0].ContainsKey("NextToken"));
        Assert.Equal("more", http.Requests[1]["NextToken"]);
    }

    [Fact]
    public async Task List_without_an_end_is_given_up()
    {
        var http = new ScriptedHttp([.. Enumerable.Repeat((Ok, Page("", "again")), 600)]);

        var error = await Assert.ThrowsAsync<SalvorException>(() => Over(http).ListAsync(Machine, Ct));

        Assert.Equal(ErrorCode.CloudRefused, error.Code);
        Assert.Equal(500, http.Requests.Count);
    }

    [Theory]
    [InlineData("<html>busy</html>")]
    [InlineData("not even that")]
    [InlineData("")]
    public async Task Answer_of_somebody_else_is_no_empty_list(string body)
    {
        var error = await Assert.ThrowsAsync<SalvorException>(
            () => Over(new ScriptedHttp((Ok, body))).FindAsync(["a"], Ct));

        Assert.Equal(ErrorCode.CloudRefused, error.Code);
        Assert.Empty(_time.Waits);
    }

    [Fact]
    public async Task Answer_that_is_too_long_is_refused()
    {
        var body = $"<a>{new string('x', AnswerReader.BytesMax)}</a>";

        var error = await Assert.ThrowsAsync<SalvorException>(
            () => Over(new ScriptedHttp((Ok, body))).FindAsync(["a"], Ct));

        Assert.Equal(ErrorCode.CloudRefused, error.Code);
        Assert.Contains("longer than", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alarm_of_words_that_are_new_is_unknown_and_differs()
    {
        var http = new ScriptedHttp((Ok, Page("<member><AlarmName>a</AlarmName><MetricName>m</MetricName>"
            + "<StateValue>SLEEPING</StateValue><Threshold>much</Threshold><Period>99999999999</Period></member>")));

        var alarm = Assert.Single(await Over(http).FindAsync(["a"], Ct));

        Assert.Equal(AlarmState.Unknown, alarm.State);
        Assert.Null(alarm.StateSince);
        Assert.True(double.IsNaN(alarm.Definition.Threshold));
        Assert.Equal(0, alarm.Definition.PeriodSeconds);
    }

    [Fact]
    public async Task Throttling_is_waited_out_with_waits_that_are_drawn()
    {
        var busy = (Bad, Error("Throttling"));
        var http = new ScriptedHttp(busy, busy, (HttpStatusCode.BadGateway, "<html>no gateway"), (Ok, Page("")));

        Assert.Empty(await Over(http).FindAsync(["a"], Ct));

        Assert.Equal(3, _time.Waits.Count);
        Assert.Equal(3, _time.Waits.Distinct().Count());
        Assert.All(_time.Waits, wait => Assert.InRange(wait, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(15)));
    }

    [Theory]
    [InlineData("AccessDenied", ErrorCode.CloudDenied)]
    [InlineData("LimitExceeded", ErrorCode.CloudCapacity)]
    [InlineData("InvalidClientTokenId", ErrorCode.CloudCredentials)]
    [InlineData("ValidationError", ErrorCode.CloudRefused)]
    public async Task What_does_not_pass_is_asked_once(string code, ErrorCode meaning)
    {
        var http = new ScriptedHttp((Bad, Error(code)));

        var error = await Assert.ThrowsAsync<SalvorException>(() => Over(http).FindAsync(["a"], Ct));

        Assert.Equal(meaning, error.Code);
        Assert.Contains("look for alarms", error.Message, StringComparison.Ordinal);
        Assert.Single(http.Requests);
    }

    [Fact]
    public async Task Alarms_are_deleted_by_exact_name_and_one_that_is_not_there_is_no_failure()
    {
        var http = new ScriptedHttp((HttpStatusCode.NotFound, Error("ResourceNotFound")), (Ok, "<a/>"));

        await Over(http).DeleteAsync(["one", "two"], Ct);

        Assert.Equal(["one", "two"], http.Requests.Select(request => request["AlarmNames.member.1"]));
        Assert.All(http.Requests, request => Assert.Equal("DeleteAlarms", request["Action"]));
        Assert.All(http.Requests, request => Assert.False(request.ContainsKey("AlarmNames.member.2")));
    }

    [Fact]
    public async Task Nothing_is_asked_for_no_names()
    {
        var http = new ScriptedHttp();

        await Over(http).SetActionsEnabledAsync([], enabled: false, Ct);
        await Over(http).DeleteAsync([], Ct);

        // Without names, DescribeAlarms would answer with all there are.
        Assert.Empty(await Over(http).FindAsync([], Ct));
        Assert.Empty(http.Requests);
    }

    [Fact]
    public async Task Actions_and_states_are_set_by_name()
    {
        var http = new ScriptedHttp((Ok, "<a/>"), (Ok, "<a/>"), (Ok, "<a/>"));
        await Over(http).SetActionsEnabledAsync(["x"], enabled: false, Ct);
        await Over(http).SetActionsEnabledAsync(["x"], enabled: true, Ct);
        await Over(http).SetStateAsync("x", AlarmState.Alarm, "a drill & no more", Ct);

        Assert.Equal(
            ["DisableAlarmActions", "EnableAlarmActions", "SetAlarmState"],
            http.Requests.Select(request => request["Action"]));
        Assert.Equal(
            ("x", "ALARM", "a drill & no more"),
            (http.Requests[2]["AlarmName"], http.Requests[2]["StateValue"], http.Requests[2]["StateReason"]));
    }

    [Fact]
    public async Task Every_request_is_signed_for_the_service()
    {
        var http = new ScriptedHttp((Ok, Page("")));
        await Over(http).FindAsync(["a"], Ct);

        var signature = Assert.Single(Assert.Single(http.Messages).Headers.GetValues("Authorization"));

        Assert.Contains("/eu-central-1/monitoring/aws4_request", signature, StringComparison.Ordinal);
        Assert.Contains("SignedHeaders=content-type;host;x-amz-date,", signature, StringComparison.Ordinal);
    }

    private CloudWatchAlarms Over(ScriptedHttp http)
    {
        var service = new QueryService(
            new Uri("https://monitoring.eu-central-1.amazonaws.com"), "eu-central-1", "monitoring", "2010-08-01");
        var calls = new AwsCalls(new RetryPolicy(new AwsOptions().Retry, new Random(1), _time));
        var client = new HttpClient(new BoundedAnswers(http));
        return new CloudWatchAlarms(new QueryClient(
            client, calls, service, () => Task.FromResult(new SigningKey("AKIDEXAMPLE", "secret", Token: null)),
            _time));
    }

    private static string Page(string alarms, string? next = null) =>
        "<DescribeAlarmsResponse xmlns=\"http://monitoring.amazonaws.com/doc/2010-08-01/\"><DescribeAlarmsResult>"
        + $"<MetricAlarms>{alarms}</MetricAlarms>{(next is null ? "" : $"<NextToken>{next}</NextToken>")}"
        + "</DescribeAlarmsResult></DescribeAlarmsResponse>";

    private static string Error(string code) =>
        $"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>m</Message></Error></ErrorResponse>";

    private static string Alarm(string name, string machine) =>
        $"<member><AlarmName>{name}</AlarmName><MetricName>m</MetricName><Dimensions><member><Name>InstanceId</Name>"
        + $"<Value>{machine}</Value></member></Dimensions></member>";

    /// <summary>The alarm as AWS would answer it, from the fields that were sent.</summary>
    private static string AlarmOf(IReadOnlyDictionary<string, string> sent)
    {
        string[] plain =
        [
            "AlarmName", "AlarmDescription", "Namespace", "MetricName", "Statistic", "Period", "EvaluationPeriods",
            "DatapointsToAlarm", "ComparisonOperator", "TreatMissingData", "ActionsEnabled",
        ];
        return "<member>" + string.Concat(plain.Select(name => $"<{name}>{sent[name]}</{name}>"))
            + $"<Threshold>{sent["Threshold"]}.0</Threshold><StateValue>OK</StateValue><OKActions/>"
            + "<StateUpdatedTimestamp>2026-11-25T12:00:00.000Z</StateUpdatedTimestamp>"
            + $"<AlarmActions><member>{sent["AlarmActions.member.1"]}</member></AlarmActions>"
            + $"<Dimensions><member><Name>{sent["Dimensions.member.1.Name"]}</Name>"
            + $"<Value>{sent["Dimensions.member.1.Value"]}</Value></member></Dimensions></member>";
    }
}
