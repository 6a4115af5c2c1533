using System.Text;
using Salvor.Providers.Aws;

namespace Salvor.Tests.Cloud;

/// <summary>The cases that AWS publishes with its own signer: awslabs/aws-c-auth, aws-signing-test-suite.</summary>
public sealed class RequestSignerTests
{
    private const string Token =
        "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfp"
        + "SPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQ"
        + "DYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+s"
        + "cqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";

    private static readonly DateTimeOffset Now = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("GET", "/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("POST", "/", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData(
        "GET", "/?Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    public void Requests_without_a_body_are_signed_as_AWS_signs_them(string method, string target, string signature)
    {
        var added = Sign(method, target, [], "", token: null);

        Assert.Equal(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
                + $"SignedHeaders=host;x-amz-date, Signature={signature}",
            added["Authorization"]);
        Assert.Equal("20150830T123600Z", added["X-Amz-Date"]);
        Assert.Equal(2, added.Count);
    }

    [Fact]
    public void Form_is_signed_as_AWS_signs_it()
    {
        var added = Sign(
            "POST", "/",
            [
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("Content-Length", "13"),
                ("x-amz-content-sha256", "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e"),
            ],
            "Param1=value1", token: null);

        Assert.EndsWith(
            "SignedHeaders=content-length;content-type;host;x-amz-content-sha256;x-amz-date, "
                + "Signature=d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b",
            added["Authorization"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "GET", "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267",
        "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8")]
    [InlineData("POST", Token, "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead")]
    public void Session_is_signed_with_its_token(string method, string token, string signature)
    {
        var added = Sign(method, "/", [], "", token);

        Assert.EndsWith(
            $"SignedHeaders=host;x-amz-date;x-amz-security-token, Signature={signature}", added["Authorization"],
            StringComparison.Ordinal);
        Assert.Equal(token, added["X-Amz-Security-Token"]);
    }

    [Fact]
    public void Empty_token_is_none()
    {
        var added = Sign("GET", "/", [], "", token: "");

        Assert.DoesNotContain("X-Amz-Security-Token", added.Keys);
        Assert.Equal(Sign("GET", "/", [], "", token: null), added);
    }

    [Fact]
    public void Blanks_in_a_header_count_once()
    {
        Assert.Equal(
            Sign("GET", "/", [("My-Header", "a b")], "", token: null),
            Sign("GET", "/", [("my-header", "  a   b ")], "", token: null));
    }

    [Fact]
    public void Port_is_a_part_of_the_host()
    {
        var key = new SigningKey("AKIDEXAMPLE", "secret", Token: null);
        var plain = RequestSigner.Sign("GET", new Uri("http://localhost/"), [], [], key, "r", "s", Now);
        var ported = RequestSigner.Sign("GET", new Uri("http://localhost:5000/"), [], [], key, "r", "s", Now);

        Assert.NotEqual(plain, ported);
    }

    [Fact]
    public void Key_shows_nobody_its_secret() =>
        Assert.Equal("AKIDEXAMPLE", new SigningKey("AKIDEXAMPLE", "secret", "token").ToString());

    private static Dictionary<string, string> Sign(
        string method, string target, IReadOnlyList<(string Name, string Value)> headers, string body, string? token) =>
        RequestSigner.Sign(
            method, new Uri($"https://example.amazonaws.com{target}"), headers, Encoding.UTF8.GetBytes(body),
            new SigningKey("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token), "us-east-1", "service",
            Now)
        .ToDictionary(header => header.Name, header => header.Value);
}
