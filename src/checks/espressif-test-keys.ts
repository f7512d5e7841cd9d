/**
 * The certificates and keys that releases v1.1 to v5.0 of esp-at ship in raw_data, by the SHA-256 of their public keys
 * (SubjectPublicKeyInfo): fingerprints only, of 26 keys.
 */
const espressifTestKeys: ReadonlySet<string> = new Set([
  '1356eee16cf381899dee67488bc3cf45771e32673339e0a6215894ff351b088a', // wpa_ent_ca/wpa_ent_ca.pem
  '185bfaad23385c07b93f5251d14c871c4821c17e599ba970cbbb7b840002d855', // https_ca/https_ca_00.crt
  '2a270a5dec0c7bca96fc8cbab8687f704ed58e640718976d08184bff0f290875', // client_cert/client_cert_00.crt, client_key/client_key_00.key
  '31299287afff779de3a9b37852cb59c21e6ef5ee3d3a3fda017a125361c8756e', // client_cert/client_cert_01.crt, client_key/client_key_01.key
  '323d3d011d52b3a356cfc39cdc75c8251e7d7b9a817a389352fc577167b78215', // wss_cert/wss_client_00.crt, wss_key/wss_client_00.key
  '38363ff8c601f412ff3dff3b1f6aa80f28ec1568c44ab06a540c213ab7d846f1', // server_cert/server.crt, server_key/server.key
  '3fbf8efddefddd49deae5d59f8e0359c3444dd06b1b8df3ec00f1ddb52fdbd94', // server_ca/server_ca.crt
  '4693a3991f7dfb8d8dca4a95ef457569a18cbfaf1726518b5735cee3413e82e2', // client_ca/client_ca_01.crt
  '55b21d1b1b8e39ec2832014d0d901f5b8f0e1c3ae553e18d2308a02b5dc0dcc3', // wss_ca/wss_ca_01.crt
  '6d985798f83ee7b193c8b8cc7d7024db9f4fd9b58a52c9d32c412b0e98e71844', // https_cert/https_client_01.crt, https_key/https_client_01.key
  '81db2d850a52e6eb345bd1c4ffcb09c746c295f29c729dc02ff758b7f529f34b', // mqtt_cert/mqtt_client.crt, mqtt_key/mqtt_client.key
  '898a4cc81ed071dbf802de6daee28af23f48c86e2fdf11a4df9f713df4ce9571', // client_ca/client_ca_00.crt
  '90a00bc8c3bb574f743741e0b84505d000215bfb4686242c7e228a8d481e52e7', // wss_cert/wss_client_01.crt, wss_key/wss_client_01.key
  '95a8508755ea0e4c21013cb0fd3a612e8512201225ebff2a047308af07d5daba', // server_cert/server_cert.crt, server_key/server.key
  '9b2feee56bae8e6f0f09f8a9300a5aff6883b4d74667e5230f3eff5af4a7efd8', // client_cert/client_cert_01.crt, client_key/client_key_01.key
  'a0c75f73a11296a274a6a40b680b4cbe36de3d0eb54d6485d3f3b5a28e864ee9', // https_ca/https_ca_01.crt
  'a76d01daf0139ec0c5d85169a2406c5d0430578544de11c33fadfa127840fdb6', // https_cert/https_client_00.crt, https_key/https_client_00.key
  'ab605402a398a62ef44b83877f66ac12d35039bb432f001673f1cc19de7ddc0f', // client_ca/client_ca_00.crt
  'c8c2d8ed2652210cad28e7f81fa355b6e8788f01f64dec80804a4efc467b570d', // client_ca/client_ca_01.crt
  'cc5b4133c4f72aad04ee4db7f0169f44d7eff5d8fcdd00e001deb929950d464c', // client_cert/client_cert_00.crt, client_key/client_key_00.key
  'ce6d9fda5597faa168895e1c2d415837f356430d3a3ac87c5e65bb329e462467', // wss_ca/wss_ca_00.crt
  'dbb35e3f2bb5ba74897a152f5c3a001d7cddc3bddf55f24949126fe242b5f6e9', // server_ca/server.crt
  'e5ebdaa04ea5417adec05bf8f77991bd8c284178a8feaecbee950d643a5385fd', // mqtt_ca/mqtt_ca.crt
  'e96fc926fb922a948e57dc453bf047bb35fcdfeef695fc93b806878730c5f432', // wpa_ent_cert/wpa_ent_client.crt, wpa_ent_key/wpa_ent_client.key
  'f468ea31cbdf02ce1933aea9bba4e8e2c4ca249881f5e93b80a9c1214b078ea0', // wpa2_cert/wpa2_client.crt, wpa2_key/wpa2_client.key
  'f758e192f0e69f7d4ea1583350e89ebc25892bc6c7c878f19e310b5783ab618b', // wpa2_ca/wpa2_ca.pem
]);

/** Returns true for the public key of one of these files. */
export const isTestMaterial = (spkiSha256: string): boolean => espressifTestKeys.has(spkiSha256);
