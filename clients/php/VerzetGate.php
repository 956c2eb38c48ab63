<?php

declare(strict_types=1);

namespace Verzet;

/**
 * May I send this to this person now? Asks the Verzet sidecar of this host. PHP 8.1 or later, no extensions.
 *
 * Whatever goes wrong is a denial: no answer in time, no sidecar, an answer that cannot be read. Nothing here throws for
 * it, so that no handler far above can take "I do not know" for "yes".
 */
final class Gate
{
    /** A decision is some hundred bytes, a problem with twenty fields a few thousand. */
    private const ANSWER_BYTES_MAX = 65536;

    /** @var resource|null */
    private $connection = null;

    /**
     * @param string $address "unix:/run/verzet/gate.sock" or "127.0.0.1:8421"
     * @param float $timeoutSeconds for one question
     * @param float $claimTimeoutSeconds a claim may have to ask the hub, which may take longer
     */
    public function __construct(
        private readonly string $address,
        private readonly float $timeoutSeconds = 1.0,
        private readonly float $claimTimeoutSeconds = 12.0,
    ) {
    }

    /** Send when it is allowed() and in no other case. With a campaign, one that is held is denied. */
    public function decide(
        string $type,
        string $value,
        string $channel,
        string $topic,
        ?string $brand = null,
        ?string $campaign = null,
    ): Decision {
        return $this->ask(self::question($type, $value, $channel, $topic, $brand, $campaign), $this->timeoutSeconds);
    }

    /** As decide, for a message that is about to be sent: counts it for who asked for at most so many. */
    public function claim(
        string $type,
        string $value,
        string $channel,
        string $topic,
        ?string $brand = null,
        ?string $campaign = null,
    ): Decision {
        $question = self::question($type, $value, $channel, $topic, $brand, $campaign) + ['claim' => true];
        return $this->ask($question, $this->claimTimeoutSeconds);
    }

    public function close(): void
    {
        if ($this->connection !== null) {
            fclose($this->connection);
            $this->connection = null;
        }
    }

    /** @param array<string, mixed> $question */
    private function ask(array $question, float $timeoutSeconds): Decision
    {
        $line = json_encode($question);
        // What JSON cannot hold is text that is not UTF-8, which is no address.
        if ($line === false) {
            return new Decision('deny', 'refused', problem: 'bad_encoding');
        }
        $text = $this->exchange($line . "\n", $timeoutSeconds);
        $answer = $text === null ? null : json_decode($text, true);
        if (!is_array($answer)) {
            // A late answer must not be taken for that to the next question.
            $this->close();
            return new Decision('deny', 'unreachable');
        }
        return Decision::read($answer);
    }

    private function exchange(string $line, float $timeoutSeconds): ?string
    {
        $deadline = microtime(true) + $timeoutSeconds;
        $connection = $this->open($timeoutSeconds);
        if ($connection === null || @fwrite($connection, $line) !== strlen($line)) {
            return null;
        }
        $answer = '';
        while (!str_ends_with($answer, "\n")) {
            $leftSeconds = $deadline - microtime(true);
            if ($leftSeconds <= 0 || !self::isReadable($connection, $leftSeconds)) {
                return null;
            }
            $piece = fread($connection, 8192);
            if ($piece === false || $piece === '') {
                return null;
            }
            $answer .= $piece;
            if (strlen($answer) > self::ANSWER_BYTES_MAX) {
                return null;
            }
        }
        return $answer;
    }

    /** @return resource|null */
    private function open(float $timeoutSeconds)
    {
        // What can be read before anything was asked is the end of it: the sidecar was started anew.
        if ($this->connection !== null && self::isReadable($this->connection, 0.0)) {
            $this->close();
        }
        if ($this->connection === null) {
            $isUnix = str_starts_with($this->address, 'unix:');
            $target = $isUnix ? 'unix://' . substr($this->address, 5) : 'tcp://' . $this->address;
            $opened = @stream_socket_client($target, $code, $message, $timeoutSeconds);
            if ($opened === false) {
                return null;
            }
            // A question is one small write, which a Unix or loopback socket takes at once.
            stream_set_timeout($opened, (int) ceil($timeoutSeconds));
            $this->connection = $opened;
        }
        return $this->connection;
    }

    /** @param resource $connection */
    private static function isReadable($connection, float $seconds): bool
    {
        $read = [$connection];
        $none = null;
        $whole = (int) floor($seconds);
        return @stream_select($read, $none, $none, $whole, (int) (($seconds - $whole) * 1_000_000)) === 1;
    }

    /** @return array<string, mixed> */
    private static function question(
        string $type,
        string $value,
        string $channel,
        string $topic,
        ?string $brand,
        ?string $campaign,
    ): array {
        $question = ['contactPoint' => ['type' => $type, 'value' => $value], 'channel' => $channel, 'topic' => $topic];
        $named = ['brand' => $brand, 'campaign' => $campaign];
        return $question + array_filter($named, static fn (?string $given): bool => $given !== null);
    }
}

/** The hub's own decision; the reason is "unreachable" or "refused" where there was none. */
final class Decision
{
    /** @param string|null $problem what was wrong with the question, for a log; it holds no contact point */
    public function __construct(
        public readonly string $decision,
        public readonly string $reason,
        public readonly ?string $until = null,
        public readonly ?string $choiceId = null,
        public readonly ?string $rulePack = null,
        public readonly ?string $position = null,
        public readonly ?string $problem = null,
    ) {
    }

    public function allowed(): bool
    {
        return $this->decision === 'allow';
    }

    /** @param array<mixed> $answer */
    public static function read(array $answer): self
    {
        $text = static fn (string $name): ?string => is_string($answer[$name] ?? null) ? $answer[$name] : null;
        $decision = $text('decision');
        if (!in_array($decision, ['allow', 'deny', 'defer'], true)) {
            return new self('deny', 'refused', problem: $text('code'));
        }
        return new self(
            $decision,
            $text('reason') ?? 'unknown',
            $text('until'),
            $text('choiceId'),
            $text('rulePack'),
            $text('position'),
        );
    }
}
