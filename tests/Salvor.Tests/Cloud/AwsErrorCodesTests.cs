using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Salvor.Errors;
using Salvor.Providers.Aws;

namespace Salvor.Tests.Cloud;

public sealed class AwsErrorCodesTests
{
    [Theory]
    [InlineData("RequestLimitExceeded", 503, ErrorCode.CloudBusy)]
    [InlineData("Throttling", 400, ErrorCode.CloudBusy)]
    [InlineData("InternalError", 500, ErrorCode.CloudBusy)]
    [InlineData("SomethingNew", 503, ErrorCode.CloudBusy)]
    [InlineData("SomethingNew", 429, ErrorCode.CloudBusy)]
    [InlineData(null, 502, ErrorCode.CloudBusy)]
    [InlineData("InsufficientInstanceCapacity", 500, ErrorCode.CloudCapacity)]
    [InlineData("InsufficientHostCapacity", 500, ErrorCode.CloudCapacity)]
    [InlineData("VcpuLimitExceeded", 400, ErrorCode.CloudCapacity)]
    [InlineData("InstanceLimitExceeded", 400, ErrorCode.CloudCapacity)]
    [InlineData("LimitExceeded", 400, ErrorCode.CloudCapacity)]
    [InlineData("UnauthorizedOperation", 403, ErrorCode.CloudDenied)]
    [InlineData("AccessDenied", 403, ErrorCode.CloudDenied)]
    [InlineData(null, 403, ErrorCode.CloudDenied)]
    [InlineData("AuthFailure", 401, ErrorCode.CloudCredentials)]
    [InlineData("InvalidClientTokenId", 403, ErrorCode.CloudCredentials)]
    [InlineData("ExpiredToken", 400, ErrorCode.CloudCredentials)]
    [InlineData("SignatureDoesNotMatch", 403, ErrorCode.CloudCredentials)]
    [InlineData(null, 401, ErrorCode.CloudCredentials)]
    [InlineData("RequestExpired", 400, ErrorCode.ClockSkew)]
    [InlineData("InvalidInstanceID.NotFound", 400, ErrorCode.CloudNotFound)]
    [InlineData("InvalidVolume.NotFound", 400, ErrorCode.CloudNotFound)]
    [InlineData("ResourceNotFound", 404, ErrorCode.CloudNotFound)]
    [InlineData("InvalidInstanceID.Malformed", 400, ErrorCode.CloudRefused)]
    [InlineData("IncorrectInstanceState", 400, ErrorCode.CloudRefused)]
    [InlineData("ValidationError", 400, ErrorCode.CloudRefused)]
    [InlineData("OperationNotPermitted", 400, ErrorCode.CloudRefused)]
    [InlineData(null, 404, ErrorCode.CloudRefused)]
    [InlineData(null, 301, ErrorCode.CloudRefused)]
    public void Each_code_has_its_meaning_and_only_the_busy_are_asked_again(string? code, int status, ErrorCode meaning)
    {
        var plain = AwsFailure.FromAnswer(code, "words.", (HttpStatusCode)status, "do it");
        var ofSdk = AwsFailure.From(
            new AmazonServiceException("words.") { ErrorCode = code, StatusCode = (HttpStatusCode)status }, "do it");

        foreach (var failure in (SalvorException[])[plain, ofSdk])
        {
            Assert.Equal(meaning, failure.Code);
            Assert.Equal(meaning == ErrorCode.CloudBusy, failure.IsTransient);
            Assert.Equal($"Cannot do it: {code ?? $"HTTP {status}"}: words.", failure.Message);
        }
    }

    [Fact]
    public void Signature_of_a_wrong_clock_is_told_from_a_wrong_key()
    {
        var failure = AwsFailure.FromAnswer(
            "SignatureDoesNotMatch", "Signature expired: 20300102T030405Z is now earlier than 20300102T040000Z",
            HttpStatusCode.Forbidden, "do it");

        Assert.Equal(ErrorCode.ClockSkew, failure.Code);
    }

    [Fact]
    public void Broken_lines_may_pass_and_a_wrong_certificate_does_not()
    {
        var refused = AwsFailure.From(
            new HttpRequestException("x", new SocketException((int)SocketError.ConnectionRefused)), "do it");
        var slow = AwsFailure.From(new TaskCanceledException("x", new TimeoutException("y")), "do it");
        var tls = AwsFailure.From(
            new HttpRequestException("x", new System.Security.Authentication.AuthenticationException("z")), "do it");

        Assert.Equal((ErrorCode.CloudUnreachable, true), (refused.Code, refused.IsTransient));
        Assert.Equal((ErrorCode.CloudUnreachable, true), (slow.Code, slow.IsTransient));
        Assert.Equal("Cannot do it: it did not answer in time.", slow.Message);
        Assert.Equal((ErrorCode.CloudTls, false), (tls.Code, tls.IsTransient));
    }

    [Fact]
    public void What_is_no_answer_of_AWS_is_refused_and_not_asked_again()
    {
        var failure = AwsFailure.From(new InvalidAnswerException("the answer is too long", inner: null), "do it");

        Assert.Equal((ErrorCode.CloudRefused, false), (failure.Code, failure.IsTransient));
    }
}
