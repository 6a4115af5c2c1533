namespace Salvor.Providers.Aws;

/// <summary>Where calls go.</summary>
/// <param name="Region">The region that they are signed for.</param>
/// <param name="Partition">The part of AWS that the region is in, such as <c>aws</c> or <c>aws-cn</c>.</param>
/// <param name="Ec2">EC2's URL.</param>
/// <param name="CloudWatch">CloudWatch's URL.</param>
internal sealed record AwsPlace(string Region, string Partition, Uri Ec2, Uri CloudWatch);
