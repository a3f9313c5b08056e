//! Which addresses are the open internet, decided over numbers: no spelling of an address gets around it.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What an address is to a caller from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// The open internet.
    Public,
    /// This machine, a network of its own, or nothing that could be asked.
    Private,
    /// Where clouds hand out credentials of the machine: never asked, listed or not.
    Metadata,
}

/// Networks of IANA's registry of special addresses that are not globally reachable, multicast, and those kept for later.
const SPECIAL_V4: [(Ipv4Addr, u32); 16] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
    (Ipv4Addr::BROADCAST, 32),
];

/// Where clouds answer their machines: Amazon, Google and Azure; containers of Amazon; Alibaba; Oracle; the agent of Azure.
const METADATA_V4: [(Ipv4Addr, u32); 4] = [
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(100, 100, 100, 200), 32),
    (Ipv4Addr::new(192, 0, 0, 192), 32),
    (Ipv4Addr::new(168, 63, 129, 16), 32),
];

/// Of the addresses in use (`2000::/3`), those that are not the open internet: protocols' own, documentation.
const SPECIAL_V6: [(Ipv6Addr, u32); 3] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// The same over IPv6: Amazon, Google, Oracle, Scaleway.
const METADATA_V6: [Ipv6Addr; 4] = [
    Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254),
    Ipv6Addr::new(0xfd00, 0xc1, 0, 0, 0, 0, 0xa9fe, 0xa9fe),
    Ipv6Addr::new(0xfd00, 0x42, 0, 0, 0, 0, 0, 0x42),
];

pub(super) fn reach(address: IpAddr) -> Reach {
    match address {
        IpAddr::V4(v4) => reach_v4(v4),
        IpAddr::V6(v6) if METADATA_V6.contains(&v6) => Reach::Metadata,
        IpAddr::V6(v6) => match carried(v6) {
            // A gateway may pass it on to what it carries, so that decides; but it is no address of its own to go to.
            Some(v4) => match reach_v4(v4) {
                Reach::Public if v6.to_ipv4_mapped().is_none() => Reach::Private,
                reach => reach,
            },
            None => {
                let in_use = within(v6.to_bits(), Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0).to_bits(), 128 - 3);
                let special = SPECIAL_V6.iter().any(|(net, bits)| within(v6.to_bits(), net.to_bits(), 128 - bits));
                if in_use && !special { Reach::Public } else { Reach::Private }
            }
        },
    }
}

fn reach_v4(v4: Ipv4Addr) -> Reach {
    let within = |nets: &[(Ipv4Addr, u32)]| {
        nets.iter().any(|(net, bits)| within(v4.to_bits().into(), net.to_bits().into(), 32 - bits))
    };
    if within(&METADATA_V4) {
        return Reach::Metadata;
    }
    if within(&SPECIAL_V4) { Reach::Private } else { Reach::Public }
}

/// Whether two addresses are the same but for their last bits.
fn within(address: u128, net: u128, free: u32) -> bool {
    address.checked_shr(free) == net.checked_shr(free)
}

/// The IPv4 address that an IPv6 address carries: mapped, compatible, translated (NAT64) or tunnelled (6to4).
fn carried(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let parts = v6.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    match parts {
        [0, 0, 0, 0, 0, 0xffff | 0, high, low] => Some(v4(high, low)),
        [0x64, 0xff9b, 0 | 1, .., high, low] => Some(v4(high, low)),
        [0x2002, high, low, ..] => Some(v4(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_open_internet_is_told_from_everything_else() {
        let cases: [(Reach, &[&str]); 3] = [
            (Reach::Public, &["1.1.1.1", "172.32.0.1", "100.128.0.1", "8.8.8.8", "2606:4700::1111", "::ffff:1.1.1.1"]),
            (
                Reach::Private,
                &[
                    "0.0.0.0",
                    "10.1.2.3",
                    "100.64.0.1",
                    "127.0.0.1",
                    "127.255.255.254",
                    "172.16.0.1",
                    "172.31.255.255",
                    "192.168.1.1",
                    "198.19.0.1",
                    "203.0.113.7",
                    "224.0.0.1",
                    "240.0.0.1",
                    "255.255.255.255",
                    "::",
                    "::1",
                    "::ffff:127.0.0.1",
                    "::127.0.0.1",
                    "64:ff9b::10.0.0.1",
                    "64:ff9b:1::8.8.8.8",
                    "2002:7f00:1::",
                    "2001:0:1::1",
                    "2001:db8::1",
                    "3fff::1",
                    "fc00::1",
                    "fe80::1",
                    "fec0::1",
                    "ff02::1",
                ],
            ),
            (
                Reach::Metadata,
                &[
                    "169.254.169.254",
                    "169.254.170.2",
                    "::ffff:169.254.169.254",
                    "64:ff9b::169.254.169.254",
                    "2002:a9fe:a9fe::",
                    "100.100.100.200",
                    "192.0.0.192",
                    "168.63.129.16",
                    "fd00:ec2::254",
                    "fd20:ce::254",
                ],
            ),
        ];
        for (expect, addresses) in cases {
            for address in addresses {
                assert_eq!(reach(address.parse().unwrap()), expect, "{address}");
            }
        }
    }
}
